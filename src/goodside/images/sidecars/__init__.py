"""Files beside photographs that say something of them: XMP sidecars, Picasa's lists."""
