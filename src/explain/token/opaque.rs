//! Opaque tokens and keys that issuers make: known by the prefixes that they publish so that such
//! texts can be found where they should not be, or by their form alone.

use super::kinds::Issued;

const PREFIXES: [(&str, &str); 47] = [
    ("ghp_", "GitHub"),
    ("gho_", "GitHub"),
    ("ghu_", "GitHub"),
    ("ghs_", "GitHub"),
    ("ghr_", "GitHub"),
    ("github_pat_", "GitHub"),
    ("glpat-", "GitLab"),
    ("gldt-", "GitLab"),
    ("glrt-", "GitLab"),
    ("glptt-", "GitLab"),
    ("glcbt-", "GitLab"),
    ("bkaj_", "Buildkite"),
    ("bkua_", "Buildkite"),
    ("bkaa_", "Buildkite"),
    ("bkct_", "Buildkite"),
    ("ya29.", "Google"),
    ("AIza", "Google"),
    ("GOCSPX-", "Google"),
    ("1//0", "Google"),
    ("xoxb-", "Slack"),
    ("xoxp-", "Slack"),
    ("xoxa-", "Slack"),
    ("xoxe-", "Slack"),
    ("xoxe.", "Slack"),
    ("xoxs-", "Slack"),
    ("xoxr-", "Slack"),
    ("xapp-", "Slack"),
    ("npm_", "npm"),
    ("pypi-", "PyPI"),
    ("sk_live_", "Stripe"),
    ("sk_test_", "Stripe"),
    ("rk_live_", "Stripe"),
    ("pk_live_", "Stripe"),
    ("AKIA", "AWS"),
    ("ASIA", "AWS"),
    ("SG.", "SendGrid"),
    ("hvs.", "Vault"),
    ("hvb.", "Vault"),
    ("dop_v1_", "DigitalOcean"),
    ("shpat_", "Shopify"),
    ("dckr_pat_", "Docker"),
    ("hf_", "Hugging Face"),
    ("glsa_", "Grafana"),
    ("sk-ant-", "Anthropic"),
    ("sk-proj-", "OpenAI"),
    ("lin_api_", "Linear"),
    ("rubygems_", "RubyGems"),
];

/// No such token is shorter, in characters with its prefix, or longer.
const LENGTHS: std::ops::RangeInclusive<usize> = 20..=4096;

/// The sizes of random numbers and digests in hexadecimal digits.
const HEX_DIGITS: [usize; 3] = [32, 40, 64];

pub(super) fn issued(text: &str) -> Option<Issued> {
    let is_one_of_its = |b: u8| b.is_ascii_alphanumeric() || b"-_.~+/=".contains(&b);
    if !LENGTHS.contains(&text.len()) || !text.bytes().all(is_one_of_its) {
        return None;
    }
    if let Some(issuer) = issuer_of(text) {
        return Some(Issued::By(issuer));
    }
    if is_uuid(text) {
        return Some(Issued::Uuid);
    }
    let is_hex = text.bytes().all(|b| b.is_ascii_hexdigit());
    (is_hex && HEX_DIGITS.contains(&text.len())).then_some(Issued::Hex(text.len()))
}

/// The issuer whose tokens begin as a text does.
pub(super) fn issuer_of(text: &str) -> Option<&'static str> {
    PREFIXES.iter().find(|(prefix, _)| text.starts_with(prefix)).map(|(_, issuer)| *issuer)
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}
