"""The cut as other programs read and write it: OpenTimelineIO, Final Cut's two kinds of XML, CMX 3600, ALE."""
