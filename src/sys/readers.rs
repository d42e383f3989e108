//! Who may read a new file.

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Only its owner: mode 0600, whatever the umask is. On Windows, a list that grants access to its owner alone and
    /// inherits nothing.
    Owner,
    /// Everybody, as far as the umask or the folder allows it.
    Anyone,
}
