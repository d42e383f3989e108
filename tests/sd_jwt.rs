//! What disclosures add to claims, compared with the steps of RFC 9901 section 7.1 as they are printed there.

use std::collections::HashSet;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jwtctl::crypto::disclose;
use jwtctl::token::Unverified;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// Where a digest is put.
const SLOT: &str = "#";

/// JSON with slots for digests, and now and then a name that is out of place.
fn value() -> impl Strategy<Value = Value> {
    let leaf = select(vec![json!(1), json!(null), json!("sha-256"), json!({}), json!([])]);
    leaf.prop_recursive(4, 24, 4, |inner| {
        let digests = vec(Just(SLOT), 0..3).prop_map(|slots| json!({"_sd": slots}));
        let name = prop_oneof![
            30 => select(vec!["a", "b", "c", "d"]),
            1 => select(vec!["_sd", "...", "_sd_alg"]),
        ];
        let members = vec((name, inner.clone()), 0..3);
        let object = (members, proptest::option::of(digests)).prop_map(|(members, digests)| {
            let mut object = digests.unwrap_or_else(|| json!({}));
            for (name, value) in members {
                object[name] = value;
            }
            object
        });
        let item = prop_oneof![2 => inner, 1 => Just(json!({"...": SLOT}))];
        prop_oneof![4 => object, 2 => vec(item, 0..3).prop_map(Value::from)]
    })
}

fn disclosure() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        30 => select(vec!["a", "b", "c", "d", "e", "f", "g", "h"]),
        1 => select(vec!["_sd", "..."]),
    ];
    prop_oneof![
        6 => (name, value()).prop_map(|(name, value)| json!(["s", name, value])),
        1 => value().prop_map(|value| json!(["s", value])),
    ]
}

/// The steps of the RFC. `None` is a refusal.
struct Model<'a> {
    disclosures: &'a [(String, Value)],
    seen: HashSet<String>,
    used: HashSet<usize>,
}

impl Model<'_> {
    fn run(disclosures: &[(String, Value)], payload: &Value) -> Option<Value> {
        let mut model = Model { disclosures, seen: HashSet::new(), used: HashSet::new() };
        let mut payload = payload.clone();
        if let Some(hash) = payload.as_object_mut()?.remove("_sd_alg")
            && hash != "sha-256"
        {
            return None;
        }
        let is_reserved = |it: &Value| {
            it.as_array()
                .is_some_and(|it| it.len() == 3 && ["_sd", "..."].iter().any(|name| it[1] == *name))
        };
        let distinct: HashSet<_> = disclosures.iter().map(|(digest, _)| digest).collect();
        if distinct.len() < disclosures.len() || disclosures.iter().any(|(_, it)| is_reserved(it)) {
            return None;
        }
        let processed = model.process(&payload)?;
        (model.used.len() == disclosures.len()).then_some(processed)
    }

    /// The disclosure with this digest, empty if there is none. The digest must not have been met before.
    fn find(&mut self, digest: &Value) -> Option<Vec<Value>> {
        let digest = digest.as_str()?;
        if !self.seen.insert(digest.to_owned()) {
            return None;
        }
        let index = self.disclosures.iter().position(|(known, _)| known == digest);
        self.used.extend(index);
        let found = index.and_then(|index| self.disclosures[index].1.as_array());
        Some(found.cloned().unwrap_or_default())
    }

    fn process(&mut self, value: &Value) -> Option<Value> {
        match value {
            Value::Object(members) => {
                let mut processed = Map::new();
                for (name, value) in members.iter().filter(|(name, _)| *name != "_sd") {
                    if ["...", "_sd_alg"].contains(&name.as_str()) {
                        return None;
                    }
                    processed.insert(name.clone(), self.process(value)?);
                }
                let Some(digests) = members.get("_sd") else { return Some(processed.into()) };
                for digest in digests.as_array()? {
                    let found = self.find(digest)?;
                    let (name, value) = match &found[..] {
                        [] => continue,
                        [_, name, value] => (name, value),
                        _ => return None,
                    };
                    let value = self.process(value)?;
                    if processed.insert(name.as_str()?.to_owned(), value).is_some() {
                        return None;
                    }
                }
                Some(processed.into())
            }
            Value::Array(items) => {
                let mut processed = Vec::new();
                for item in items {
                    let Some(digest) = item.get("...") else {
                        processed.push(self.process(item)?);
                        continue;
                    };
                    if item.as_object()?.len() > 1 {
                        return None;
                    }
                    match &self.find(digest)?[..] {
                        [] => {}
                        [_, value] => processed.push(self.process(value)?),
                        _ => return None,
                    }
                }
                Some(processed.into())
            }
            scalar => Some(scalar.clone()),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn disclosures_are_processed_as_the_rfc_says(
        members in vec((select(vec!["a", "b", "c"]), value()), 0..4),
        hash in select(vec![None, None, Some("sha-256"), Some("md5")]),
        disclosures in vec(disclosure(), 0..5),
        order in vec(any::<prop::sample::Index>(), 32),
        is_rest_shown in prop::bool::weighted(0.9),
    ) {
        let (mut known, mut tail) = (Vec::<(String, Value)>::new(), String::new());
        let (mut unused, mut order) = (Vec::<String>::new(), order.into_iter().cycle());
        // A slot gets a digest that no other has, seldom one that is used again or nobody's.
        let mut fill = |text: String, unused: &mut Vec<String>, known: &[(String, Value)]| {
            let mut pieces = text.split("\"#\"");
            let mut filled = pieces.next().unwrap().to_owned();
            for (i, piece) in pieces.enumerate() {
                let at = order.next().unwrap();
                let digest = match at.index(32) {
                    0 if !known.is_empty() => known[at.index(known.len())].0.clone(),
                    1..12 if !unused.is_empty() => unused.remove(at.index(unused.len())),
                    _ => format!("decoy {} {i}", at.index(usize::MAX)),
                };
                filled = format!("{filled}\"{digest}\"{piece}");
            }
            filled
        };
        for disclosure in &disclosures {
            let text = fill(disclosure.to_string(), &mut unused, &known);
            let encoded = URL_SAFE_NO_PAD.encode(&text);
            tail = tail + &encoded + "~";
            let digest = URL_SAFE_NO_PAD.encode(digest(&SHA256, encoded.as_bytes()));
            unused.push(digest.clone());
            known.push((digest, serde_json::from_str(&text).unwrap()));
        }
        let payload: Map<_, _> = members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let text = fill(Value::Object(payload).to_string(), &mut unused, &known);
        let mut payload: Value = serde_json::from_str(&text).unwrap();
        if is_rest_shown {
            payload["_sd"] = json!(unused);
        }
        if let Some(hash) = hash {
            payload["_sd_alg"] = json!(hash);
        }
        let expected = Model::run(&known, &payload);

        let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
        let text = format!("eyJhbGciOiJIUzI1NiJ9.{payload}.AA~{tail}");
        let seen = Unverified::parse(text.as_bytes()).ok().and_then(|token| {
            let claims = token.unverified_claims().unwrap();
            let shown = disclose(&claims, token.presentation().unwrap()).ok()?;
            Some(serde_json::from_str::<Value>(&shown.text()).unwrap())
        });
        prop_assert_eq!(seen, expected, "{}", text);
    }
}
