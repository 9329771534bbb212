"""The metadata blocks inside photographs' files: EXIF, IPTC-IIM, XMP packets."""
