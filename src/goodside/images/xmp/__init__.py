"""XMP: its XML, its RDF as plain values, edits that leave the rest alone, and what we say in it."""
