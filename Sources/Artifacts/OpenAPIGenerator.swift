// SPDX-License-Identifier: Apache-2.0

import Values

/// Makes the one file that an API server needs and earlier source trees do not have.
///
/// Source: build/root/Makefile.generated_files of Kubernetes 1.20, target `gen_openapi`.
struct OpenAPIGenerator: Sendable {
  let tree: SourceTree
  let go: GoToolchain
  /// A folder of our own to generate into; the tree itself is left as it is.
  let output: String

  /// The file, in the tree.
  static let path = "pkg/generated/openapi/zz_generated.openapi.go"
  private static let package = "k8s.io/kubernetes/pkg/generated/openapi"
  private static let tag = Array("+k8s:openapi-gen=".utf8)
  /// Generators and examples, which no server is made of.
  private static let left: Set<String> = [
    "vendor/k8s.io/code-generator", "vendor/k8s.io/sample-apiserver", "vendor/k8s.io/kube-openapi",
    "vendor/k8s.io/gengo",
  ]

  /// Where the generated file lies.
  private var generated: String { "\(output)/\(Self.package)/zz_generated.openapi.go" }

  /// Generates, and returns what Go must read in place of the tree's files.
  func replacements() async throws -> [String: String] {
    let packages = taggedPackages()
    let generator = "\(output)/openapi-gen"
    try LocalFile.makeFolder(output)
    let environment = go.environment(for: nil, tree: tree)
    _ = try await Tool.output(
      "go",
      ["build", "-o", generator, "k8s.io/kubernetes/vendor/k8s.io/kube-openapi/cmd/openapi-gen"],
      environment: environment,
      folder: tree.folderInGoPath,
      purpose: "building the OpenAPI generator"
    )
    let root = try await Tool.output(
      "go",
      ["env", "GOROOT"],
      environment: environment,
      purpose: "asking Go for its place"
    ).trimmed
    _ = try await Tool.output(
      generator,
      [
        "--logtostderr", "-i", packages.joined(separator: ","), "-p", Self.package,
        "-O", "zz_generated.openapi", "-h",
        "\(tree.folder)/hack/boilerplate/boilerplate.generatego.txt", "--output-base", output,
        "-r", "\(output)/violations.report",
      ],
      environment: environment.merging(["GOROOT": root]) { $1 },
      folder: tree.folderInGoPath,
      purpose: "generating the OpenAPI definitions"
    )
    return ["\(tree.folderInGoPath)/\(Self.path)": generated]
  }

  /// The packages whose files carry the generator's tag, in the order of their names.
  private func taggedPackages() -> [String] {
    var packages: Set<String> = []
    for root in ["cmd", "pkg", "plugin"] { collect(root, into: &packages) }
    for name in LocalFile.names(in: "\(tree.folder)/vendor/k8s.io") {
      collect("vendor/k8s.io/\(name)", into: &packages)
    }
    return packages.sorted().map { "k8s.io/kubernetes/\($0)" }
  }

  private func collect(_ folder: String, into packages: inout Set<String>) {
    guard !Self.left.contains(folder), !folder.hasSuffix("/testdata") else { return }
    for name in LocalFile.names(in: "\(tree.folder)/\(folder)") {
      let path = "\(tree.folder)/\(folder)/\(name)"
      if FileStatus(of: path) == nil {
        // A folder; links inside the tree lead back into it and are not followed.
        if !LocalFile.isLink(path) { collect("\(folder)/\(name)", into: &packages) }
      } else if name.hasSuffix(".go"), !name.hasSuffix("_test.go"), !packages.contains(folder),
        let bytes = try? LocalFile.read(path), bytes.contains(Self.tag)
      {
        packages.insert(folder)
      }
    }
  }
}
