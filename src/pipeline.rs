//! The page to read first: how data walks from a folder to files.
