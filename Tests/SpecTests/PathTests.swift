// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Spec

@Suite struct PathTests {
  @Test(arguments: [
    ("programs", "/clusters/one/programs"), ("../keys/id", "/clusters/one/../keys/id"),
    ("./a b", "/clusters/one/./a b"), ("/srv/programs", "/srv/programs"),
    ("~/keys", "/home/ann/keys"), ("~ann", "/clusters/one/~ann"),
  ])
  func pathsLieBesideTheSpec(written: String, meant: String) throws {
    let spec = try #require(
      SpecFixture.read(
        """
        apiVersion: kubewright/v1alpha1
        kind: Cluster
        metadata: {name: one}
        spec:
          kubernetes: {version: v1.20.2}
          controlPlane: {endpoint: "10.0.0.1"}
          pki: {userAuthorities: "\(written)"}
          artifacts: {sources: [published, {folder: "\(written)"}, build]}
          hosts:
            - name: a
              ssh: {address: 10.0.0.1, identityFile: "\(written)"}
              nodeIP: 10.0.0.1
              roles: [etcd, control-plane, worker]
        """
      ).spec
    )
    let resolved = spec.resolvingPaths(besideSpec: "/clusters/one/c.yaml", home: "/home/ann")
    #expect(resolved.pki.userAuthorities == meant)
    #expect(resolved.artifacts.sources == [.published, .folder(meant), .build])
    #expect(resolved.hosts.map(\.ssh?.identityFile) == [meant])
    #expect(
      resolved.resolvingPaths(besideSpec: "/else/c.yaml", home: "/root") == resolved,
      "once is enough"
    )
  }

  @Test func aSpecInTheRootFolderHasNoDoubleSlash() throws {
    var spec = ClusterSpec(
      name: "one",
      kubernetes: KubernetesSpec(version: KubernetesVersion(1, 20, 2)),
      controlPlane: ControlPlaneSpec(endpoint: Endpoint(host: "10.0.0.1")),
      hosts: []
    )
    spec.pki.userAuthorities = "mine"
    let resolved = spec.resolvingPaths(besideSpec: "/c.yaml", home: "/root")
    #expect(resolved.pki.userAuthorities == "/mine")
  }
}
