//! Flags for certificate chains in the headers of tokens.

use clap::Args;
use clap::builder::ValueHint;

use crate::cli::values::{certificate_oid, some_path, subject_name};
use crate::crypto::ExpectedLeaf;
use crate::keys::{CertificateOid, SubjectName};
use crate::request::{ChainRequest, PathOrStdin};

#[derive(Args)]
#[command(next_help_heading = "Certificate chain (x5c)")]
#[allow(clippy::struct_field_names, reason = "each is named like its flag")]
pub(crate) struct ChainFlags {
    /// Verify with the certificate chain in the header, which must lead to one of the certificates in this PEM file
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, value_parser = some_path())]
    x5c_root: Option<PathOrStdin>,
    /// Require the signer's certificate to be for this host name, URI, e-mail address, or common name (CN=TEXT)
    #[arg(long, value_name = "NAME", value_parser = subject_name, requires = "x5c_root")]
    x5c_name: Option<SubjectName>,
    /// Require the signer's certificate (with issuer:OID, its issuer's) to have this extension, policy or extended key
    /// usage; repeat for more
    #[arg(long, value_name = "OID", value_parser = certificate_oid, requires = "x5c_root")]
    x5c_oid: Vec<(CertificateOid, bool)>,
    /// Accept any signer that a trusted CA has issued a certificate to
    #[arg(long, requires = "x5c_root", conflicts_with_all = ["x5c_name", "x5c_oid"])]
    x5c_any_leaf: bool,
}

impl ChainFlags {
    pub(crate) fn request(self) -> Option<ChainRequest> {
        let (issuer_oids, oids): (Vec<_>, Vec<_>) =
            self.x5c_oid.into_iter().partition(|(_, is_of_issuer)| *is_of_issuer);
        let plain =
            |oids: Vec<(CertificateOid, bool)>| oids.into_iter().map(|(oid, _)| oid).collect();
        let leaf = ExpectedLeaf {
            name: self.x5c_name,
            oids: plain(oids),
            issuer_oids: plain(issuer_oids),
            is_any: self.x5c_any_leaf,
        };
        Some(ChainRequest { roots: self.x5c_root?, leaf })
    }
}
