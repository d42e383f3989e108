//! Where AWS-LC's random numbers come from: the operating system and, where there is one, the CPU's generator.
//!
//! By default the library gathers CPU-jitter entropy before the first random number of a process, which takes 30 to 40
//! ms, and every ES*, RS* and PS* signature needs one. Only a variable of the build turns that off, and `cargo install`
//! from a registry reads none from a package. But the library also does without on machines that announce when they
//! were restored from a snapshot. It asks two functions about that, and the linker takes these in their place, because
//! it looks into a library only for what is still missing.
//!
//! The names contain the version: with another one they have no effect, and the wait is back.

use std::path::Path;
use std::sync::OnceLock;

/// Whether the machine announces that it was restored from a snapshot.
#[allow(unsafe_code, reason = "takes the place of a function of AWS-LC")]
#[unsafe(export_name = "aws_lc_0_47_0_CRYPTO_get_vm_ube_supported")]
extern "C" fn announces_snapshots() -> i32 {
    1
}

/// How often it was restored. 0 means that nobody can tell, and then the library takes new entropy for each random
/// number. Linux announces it in a file, which is not followed here.
#[allow(unsafe_code, reason = "takes the place of a function of AWS-LC")]
#[unsafe(export_name = "aws_lc_0_47_0_CRYPTO_get_vm_ube_generation")]
extern "C" fn count_restored(count: &mut u32) -> i32 {
    static ANNOUNCED: OnceLock<bool> = OnceLock::new();
    *count = 0;
    i32::from(!ANNOUNCED.get_or_init(|| Path::new("/dev/sysgenid").exists()))
}

#[cfg(test)]
mod tests {
    #[allow(unsafe_code, reason = "a function of AWS-LC for tests")]
    unsafe extern "C" {
        #[link_name = "aws_lc_0_47_0_get_entropy_source_method_id_FOR_TESTING"]
        safe fn entropy_source() -> i32;
    }

    #[test]
    fn no_jitter_is_gathered() {
        const OPT_OUT_CPU_JITTER_ENTROPY_SOURCE: i32 = 2;
        assert_eq!(entropy_source(), OPT_OUT_CPU_JITTER_ENTROPY_SOURCE);
    }
}
