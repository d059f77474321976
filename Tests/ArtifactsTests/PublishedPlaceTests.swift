// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Artifacts

@Suite struct PublishedPlaceTests {
  @Test func knowsWhereTheProjectsPublish() throws {
    let releases = PublishedPlace.official.releases(
      of: [.kubelet, .etcd, .etcdctl, .bridge],
      request(architecture: .arm64)
    )
    #expect(
      releases.map(\.url) == [
        "https://dl.k8s.io/v1.20.2/bin/linux/arm64/kubelet",
        "https://github.com/etcd-io/etcd/releases/download/v3.4.13/etcd-v3.4.13-linux-arm64.tar.gz",
        "https://github.com/containernetworking/plugins/releases/download/v0.8.7/"
          + "cni-plugins-linux-arm64-v0.8.7.tgz",
      ]
    )
    #expect(releases[1].names == [.etcd, .etcdctl])
  }

  @Test(arguments: [
    ("0.7.1", "cni-plugins-amd64-v0.7.1.tgz"), ("1.6.2", "cni-plugins-linux-amd64-v1.6.2.tgz"),
  ])
  func pluginArchivesWereRenamed(version: String, file: String) {
    var wanted = request()
    wanted.cniVersion = version
    let url = PublishedPlace.official.releases(of: [.bridge], wanted)[0].url
    #expect(url.hasSuffix("/v\(version)/\(file)"))
  }

  @Test(arguments: ["3.4.13", "v3.4.13", "3.4.13-0"])
  func takesEveryWayToWriteARelease(version: String) {
    var wanted = request()
    wanted.etcdVersion = version
    #expect(wanted.version(of: .etcd) == "v3.4.13")
  }

  private static let digest = Digest(of: "x").hex
  private static let other = Digest(of: "y").hex

  @Test(arguments: [
    (digest, true), ("\(digest)\n", true), ("\(digest)  kubelet\n", true),
    ("\(digest) *kubelet\n", true), ("\(other)  kubectl\n\(digest)  ./kubelet\n", true),
    ("\(other)  kubectl\n", false), ("\(digest)  my-kubelet\n", false), ("", false),
    ("<html>", false), ("\(digest.dropLast())\n", false), ("\(digest)\n\(other)\n", false),
  ])
  func readsChecksums(text: String, isFound: Bool) {
    #expect(Digest(published: text, file: "kubelet")?.hex == (isFound ? Self.digest : nil))
  }
}
