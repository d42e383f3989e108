//! Key sets by URL and by discovery: what is fetched, when it is fetched again, and what is trusted.

mod cache;
mod exchange;
mod fault;
mod fetcher;
mod remote;
mod target_uri;
mod url;

pub use cache::Cache;
pub use fault::{DiscoveryFault, FetchError, FetchFault, FetchWarning, SourceError};
pub use fetcher::{FetchOptions, Net, Refetch};
pub use remote::{Fetched, Issuer, JwksLocation, RemoteJwks};
pub(crate) use target_uri::{TargetFault, target_uri};
pub(crate) use url::encoded_path;
pub use url::{Url, UrlFault, issuer_of, redacted_url};
