//! Which file of a crate imports from which: reads sources with `syn` and follows every path to the file that defines
//! what it names.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use syn::buffer::{Cursor, TokenBuffer};
use syn::visit::{self, Visit};

use crate::syntax::each_token;

/// The names of the modules that lead to a module; none for the crate's root.
pub type ModulePath = Vec<String>;

/// What one module, in a file of its own or in braces, declares and uses.
#[derive(Default)]
struct Module {
    file: String,
    items: BTreeSet<String>,
    /// What `use` brings in: the name that it gets here, and its path.
    imports: BTreeMap<String, Vec<String>>,
    globs: Vec<Vec<String>>,
    /// The paths that make this file depend on others.
    used: BTreeSet<Vec<String>>,
}

/// Where a path leads.
#[derive(Clone)]
enum Target {
    Module(ModulePath),
    /// An item, by the module that defines it.
    Item(ModulePath),
}

#[derive(Default)]
pub struct Crate {
    modules: BTreeMap<ModulePath, Module>,
}

impl Crate {
    /// Parses files, each with its path below `src`, as they are on systems that are not this one: "windows".
    pub fn parse<'a>(
        other: &'static str,
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Self {
        let mut parsed = Self::default();
        for (file, text) in files {
            let tree = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
            let module = module_of(file);
            file.clone_into(&mut parsed.modules.entry(module.clone()).or_default().file);
            Reader { modules: &mut parsed.modules, module, other }.visit_file(&tree);
        }
        parsed
    }

    /// Where a path leads that is written in a module; `None` if it leaves the crate.
    fn resolve(&self, from: &ModulePath, path: &[String], depth: usize) -> Option<Target> {
        let (mut here, mut rest) = (from.clone(), path);
        let is_relative = matches!(path[0].as_str(), "crate" | "self" | "super");
        while let Some(first) = rest.first() {
            match first.as_str() {
                "crate" => here.clear(),
                "super" => drop(here.pop()),
                "self" => {}
                _ => break,
            }
            rest = &rest[1..];
        }
        let mut is_known = is_relative;
        for name in rest {
            match self.find(&here, name, depth) {
                Some(Target::Module(module)) => here = module,
                None if is_known => return Some(Target::Item(here)),
                item => return item,
            }
            is_known = true;
        }
        Some(Target::Module(here))
    }

    /// What a name means in a module.
    fn find(&self, module: &ModulePath, name: &str, depth: usize) -> Option<Target> {
        // Globs may lead round in circles.
        if depth == 0 {
            return None;
        }
        let child: ModulePath = module.iter().cloned().chain([name.to_owned()]).collect();
        let declared = self.modules.get(module)?;
        if self.modules.contains_key(&child) {
            return Some(Target::Module(child));
        }
        if declared.items.contains(name) {
            return Some(Target::Item(module.clone()));
        }
        if let Some(path) = declared.imports.get(name) {
            return self.resolve(module, path, depth - 1);
        }
        declared.globs.iter().find_map(|glob| match self.resolve(module, glob, depth - 1)? {
            Target::Module(other) if other != *module => self.find(&other, name, depth - 1),
            _ => None,
        })
    }

    /// The files that each file imports from, with a path that does so.
    pub fn graph(&self) -> Graph<'_> {
        let mut graph = Graph::default();
        for (path, module) in &self.modules {
            let imports = graph.entry(&module.file).or_default();
            for used in &module.used {
                let target = self.resolve(path, used, 16);
                let Some(Target::Module(target) | Target::Item(target)) = target else { continue };
                let file = &self.modules[&target].file;
                if *file != module.file {
                    imports.entry(file).or_insert_with(|| used.join("::"));
                }
            }
        }
        graph
    }
}

/// The module that a file below `src` is.
pub fn module_of(file: &str) -> ModulePath {
    let path = file.strip_suffix(".rs").expect("a Rust file");
    let names: Vec<_> = path.split('/').map(str::to_owned).collect();
    match names.split_last() {
        Some((last, folders)) if last == "mod" || file == "lib.rs" => folders.to_vec(),
        _ => names,
    }
}

/// Collects what the modules of one file declare and use.
struct Reader<'a> {
    modules: &'a mut BTreeMap<ModulePath, Module>,
    module: ModulePath,
    other: &'static str,
}

impl Reader<'_> {
    fn here(&mut self) -> &mut Module {
        self.modules.get_mut(&self.module).expect("the module is known")
    }

    /// Takes a `use` tree apart.
    fn import(&mut self, tree: &syn::UseTree, before: &[String], is_reexport: bool) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        let (alias, path) = match tree {
            syn::UseTree::Path(path) => {
                return self.import(&path.tree, &with(&path.ident), is_reexport);
            }
            syn::UseTree::Group(group) => {
                return group.items.iter().for_each(|item| self.import(item, before, is_reexport));
            }
            syn::UseTree::Glob(_) => {
                self.here().globs.push(before.to_vec());
                (None, before.to_vec())
            }
            syn::UseTree::Name(name) if name.ident == "self" => {
                (before.last().cloned(), before.to_vec())
            }
            syn::UseTree::Name(name) => (Some(name.ident.to_string()), with(&name.ident)),
            syn::UseTree::Rename(name) if name.ident == "self" => {
                (Some(name.rename.to_string()), before.to_vec())
            }
            syn::UseTree::Rename(name) => (Some(name.rename.to_string()), with(&name.ident)),
        };
        if let Some(alias) = alias {
            self.here().imports.insert(alias, path.clone());
        }
        if !is_reexport {
            self.here().used.insert(path);
        }
    }

    /// Whether an item is only for tests, or for the other system.
    fn leaves_out(&self, attributes: &[syn::Attribute]) -> bool {
        attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).any(|attribute| {
            let condition = attribute.meta.require_list().map(|list| list.tokens.to_string());
            condition.is_ok_and(|condition| condition == "test" || condition == self.other)
        })
    }

    /// Finds the paths among the tokens that a macro is given.
    fn read_tokens(&mut self, tokens: Cursor<'_>) {
        let used = &mut self.here().used;
        let (mut path, mut colons) = (Vec::new(), 0);
        each_token(tokens, &mut |token| {
            let name = token.ident().map(|(name, _)| name.to_string());
            let is_colon = token.punct().is_some_and(|(punct, _)| punct.as_char() == ':');
            let goes_on = is_colon || name.is_some() && colons == 2;
            if !goes_on {
                used.extend(Some(std::mem::take(&mut path)).filter(|path| path.len() > 1));
            }
            colons = if is_colon { colons + 1 } else { 0 };
            path.extend(name);
        });
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if self.leaves_out(attributes(item)) {
            return;
        }
        if let Some(name) = name(item) {
            self.here().items.insert(name);
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let Some((_, items)) = &item.content else { return };
        let file = self.here().file.clone();
        self.module.push(item.ident.to_string());
        self.modules.entry(self.module.clone()).or_default().file = file;
        for item in items {
            self.visit_item(item);
        }
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let is_reexport = !matches!(item.vis, syn::Visibility::Inherited);
        self.import(&item.tree, &[], is_reexport);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if !self.leaves_out(&item.attrs) {
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.here().used.insert(names);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.visit_path(&item.path);
        self.read_tokens(TokenBuffer::new2(item.tokens.clone()).begin());
    }

    // The paths of `pub(in path)` and `#[attribute]` import nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// The name of an item that other modules can import.
fn name(item: &syn::Item) -> Option<String> {
    Some(match item {
        syn::Item::Const(item) => item.ident.to_string(),
        syn::Item::Enum(item) => item.ident.to_string(),
        syn::Item::Fn(item) => item.sig.ident.to_string(),
        syn::Item::Static(item) => item.ident.to_string(),
        syn::Item::Struct(item) => item.ident.to_string(),
        syn::Item::Trait(item) => item.ident.to_string(),
        syn::Item::Type(item) => item.ident.to_string(),
        _ => return None,
    })
}

/// For each file the files that it imports from, with a path that does so.
pub type Graph<'a> = BTreeMap<&'a str, BTreeMap<&'a str, String>>;

/// The shortest way round from each file that is in a circle; each circle once.
pub fn cycles(graph: &Graph<'_>) -> Vec<String> {
    let mut found = BTreeMap::new();
    for start in graph.keys() {
        let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
        let mut queue = VecDeque::from([*start]);
        while let Some(file) = queue.pop_front() {
            for next in graph[file].keys() {
                if !came_from.contains_key(next) {
                    came_from.insert(next, file);
                    queue.push_back(next);
                }
            }
        }
        if !came_from.contains_key(start) {
            continue;
        }
        let (mut file, mut steps) = (*start, Vec::new());
        loop {
            let importer = came_from[file];
            steps.push(format!("{importer} imports {} from {file}", graph[importer][file]));
            file = importer;
            if file == *start {
                break;
            }
        }
        steps.reverse();
        let members: BTreeSet<_> = steps.iter().cloned().collect();
        found.entry(members).or_insert_with(|| steps.join(", "));
    }
    found.into_values().collect()
}
