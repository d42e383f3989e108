//! How names are looked up in a static binary.

/// Keeps the C library to what it can do by itself, `/etc/hosts` and DNS, as other static programs do. What
/// else `/etc/nsswitch.conf` names it would load as a plugin, and one of another version of the library
/// may bring the process down.
#[cfg(all(target_os = "linux", target_env = "gnu", target_feature = "crt-static"))]
pub(super) fn prepare() {
    use std::ffi::{c_char, c_int};

    #[allow(unsafe_code, reason = "the C library has no safe binding of this function")]
    // SAFETY: it is the C library's own (nss.h), and copies both texts.
    unsafe {
        unsafe extern "C" {
            fn __nss_configure_lookup(database: *const c_char, services: *const c_char) -> c_int;
        }
        __nss_configure_lookup(c"hosts".as_ptr(), c"files dns".as_ptr());
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu", target_feature = "crt-static")))]
pub(super) fn prepare() {}
