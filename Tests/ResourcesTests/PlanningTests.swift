// SPDX-License-Identifier: Apache-2.0

import Resources
import TestSupport
import Testing
import Values

/// What is compared, read and shown, without a host.
struct PlanningTests {
  @Test("on an empty host everything is to be made, in order")
  func empty() {
    let changes = Program.changes(desired: Samples.all, observed: [:], manifest: [])
    #expect(changes.map(\.id) == Samples.all.map(\.id))
    #expect(changes.last?.action == .start)
  }

  @Test("no plan shows a secret")
  func secret() throws {
    let changes = Program.changes(desired: [.file(Samples.secret)], observed: [:], manifest: [])
    let text = String(describing: changes)
    #expect(!text.contains("topsecret") && changes[0].diff == nil)
  }

  @Test("a unit is restarted for what it reads, and for nothing else")
  func restarts() {
    let read = File(path: "/etc/read", text: "new\n", reason: "")
    let other = File(path: "/etc/other", text: "new\n", reason: "")
    let desired: [Resource] = [
      .file(read), .file(other), .unit(Unit(name: "a.service", dependsOn: [read.id], reason: "")),
      .unit(
        Unit(
          name: "b.service",
          dependsOn: [ResourceID(kind: "file", name: "/etc/there")],
          reload: true
        )
      ), .unit(Unit(name: "c.service", reason: "")),
    ]
    let running = Observation(exists: true, attributes: ["active": "active", "enabled": "enabled"])
    let changes = Program.changes(
      desired: desired,
      observed: [
        ResourceID(kind: "unit", name: "a.service"): running,
        ResourceID(kind: "unit", name: "b.service"): running,
        ResourceID(kind: "unit", name: "c.service"): running,
      ],
      manifest: []
    )
    #expect(changes.map(\.action) == [.create, .create, .restart, .reload])
    #expect(changes[2].summary == "for /etc/read")
  }

  @Test("what a running unit set and somebody took away is a reason to reload it")
  func lost() {
    func summary(_ found: String?) -> String? {
      var attributes = ["active": "active", "enabled": "enabled"]
      attributes["value"] = found
      let unit = Unit(name: "a.service", reloads: true, check: "/check", reason: "")
      let changes = Program.changes(
        desired: [.unit(unit)],
        observed: [unit.id: Observation(exists: true, attributes: attributes)],
        manifest: []
      )
      return changes.first.map { "\($0.action) \($0.summary)" }
    }
    #expect(summary(nil) == nil && summary("held") == nil)
    #expect(summary("FORWARD lacks x ") == "reload in force no longer: FORWARD lacks x ")
  }

  @Test("what is listed and no longer wanted goes first, the latest first")
  func removals() throws {
    let manifest = try Manifest.parse(
      "kubewright-manifest 1 demo\nfile:/etc/a @prior=N\nunit:x.service\nfile:/etc/b%20c\n"
    )
    #expect(manifest.cluster == "demo")
    let changes = Program.changes(
      desired: [Samples.files[0]],
      observed: [:],
      manifest: manifest.entries
    )
    #expect(
      changes.map(\.id.description) == [
        "file:/etc/b c", "unit:x.service", "file:/etc/a", Samples.files[0].id.description,
      ]
    )
  }

  @Test("a file of ours that must go is a removal, before all else, and is listed nowhere")
  func ended() throws {
    let ended = Absence(path: "/var/boot", ours: "runs at boot", reason: "because")
    let desired: [Resource] = [Samples.files[0], .absence(ended)]
    let manifest = [ManifestEntry(id: ResourceID(kind: "file", name: "/etc/old"))]
    let found = [ended.id: Observation(exists: true)]
    let changes = Program.changes(desired: desired, observed: found, manifest: manifest)
    #expect(
      changes.map { "\($0.action.symbol) \($0.id)" } == [
        "- file:/var/boot", "- file:/etc/old", "+ \(Samples.files[0].id)",
      ]
    )
    #expect(changes[0].summary == "runs at boot" && changes[0].reason == "because")
    let gone = Program.changes(desired: [.absence(ended)], observed: [:], manifest: [])
    #expect(gone.isEmpty)
    // A run takes away what was shown, and nothing else.
    let shown = Program.apply(
      ApplyRequest(
        cluster: "demo",
        host: "one",
        stage: "all",
        desired: desired,
        changes: changes,
        manifest: manifest
      )
    )
    #expect(shown.contains("step file:/var/boot ") && !shown.contains("entry file:/var/boot"))
    let unseen = Program.apply(
      ApplyRequest(
        cluster: "demo",
        host: "one",
        stage: "all",
        desired: desired,
        changes: Program.changes(desired: desired, observed: [:], manifest: manifest),
        manifest: manifest
      )
    )
    #expect(!unseen.contains("/var/boot") && !unseen.contains(Program.bootScript))
  }

  @Test("what reset must know is kept up to date")
  func recorded() {
    let directory = Directory(path: "/var/lib/x", ownsContents: true, reason: "")
    let found = Observation(
      exists: true,
      attributes: [
        "type": "directory", "mode": "0755", "owner": "root", "group": "root", "uid": "0",
        "gid": "0",
      ]
    )
    func changes(_ manifest: [ManifestEntry]) -> [Change] {
      Program.changes(
        desired: [.directory(directory)],
        observed: [directory.id: found],
        manifest: manifest
      )
    }
    #expect(changes([]).map(\.summary) == ["recorded for reset"])
    #expect(changes([ManifestEntry(id: directory.id, fields: ["@prior=N"])]).count == 1)
    #expect(
      changes([ManifestEntry(id: directory.id, fields: ["contents=ours", "@prior=N"])]).isEmpty
    )
    let footprint = Footprint(name: "pods", interfaces: ["cni0"], reason: "")
    let listed = ManifestEntry(id: footprint.id, fields: ["interface=cni0"])
    #expect(
      Program.changes(desired: [.footprint(footprint)], observed: [:], manifest: [listed]).isEmpty
    )
  }

  @Test("an empty manifest is that of a host without one")
  func emptyManifest() throws {
    #expect(try Manifest.parse("").entries.isEmpty)
    #expect(try Manifest.parse("").cluster == "")
  }

  @Test(
    "damaged manifests are refused",
    arguments: [
      "junk", "kubewright-manifest 2 demo\n", "kubewright-manifest 1 \n",
      "kubewright-manifest 1 demo\nfile\n",
      "kubewright-manifest 1 demo\ndirectory:/ contents=ours\n",
      "kubewright-manifest 1 demo\nfile:/a/../b\n",
      "kubewright-manifest 1 demo\nfile:relative\n", "kubewright-manifest 1 demo\nfile:/a%zz\n",
      "kubewright-manifest 1 demo\ndirectory:/etc/ contents=ours\n",
      "kubewright-manifest 1 demo\n\nfile:/a\n",
      "kubewright-manifest 1 demo\nfile:/a b\n", "kubewright-manifest 1 demo\nfile:/a\u{1b}[2J\n",
    ]
  )
  func damaged(_ text: String) {
    #expect { try Manifest.parse(text) } throws: { error in
      guard let failure = error as? Failure else { return false }
      return failure.kind == .preflight && !failure.description.contains("\u{1b}")
    }
  }

  @Test(
    "reports that are not whole or not ours are refused",
    arguments: [
      "", "id 0 file:/a\n", "hello\nend\n", "stat 0 81a4 1 0 0 root/root\nend\n", "end\nmore\n",
      "id 0 file:/a\nsha256 0 12\nend\n", "id 0 file:/a\ncontent 0 xyz\nend\n",
      "id 0 file:/a\nstat 0 zz\nend\n",
      "id 0 unit:a\nunits 0\nId=a\nend\n",
      "id 0 unit:a\nunits 0\n\n\n\n\nActiveState=x\nunits-end\nend\n",
    ]
  )
  func hostileReports(_ text: String) {
    #expect(throws: Failure.self) { try Program.parse(observations: text) }
  }

  @Test("no report crashes the reader")
  func mangledReports() throws {
    let report = """
      id 0 file:/a
      id 1 unit:b
      stat 0 81a4 1 0 0 root/domain users
      sha256 0 \(Digest(of: "x"))
      content 0 6162
      units 1
      Id=b
      ActiveState=active

      units-end
      end

      """
    let found = try Program.parse(observations: report)
    #expect(found[ResourceID(kind: "file", name: "/a")]?.attributes["group"] == "domain users")
    #expect(found[ResourceID(kind: "unit", name: "b")]?.attributes["active"] == "active")
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<3000 {
      var bytes = Array(report.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
          in: 0...255,
          using: &generator
        )
      }
      _ = try? Program.parse(observations: String(decoding: bytes, as: UTF8.self))
      _ = try? Manifest.parse(String(decoding: bytes, as: UTF8.self))
      _ = Program.parse(resultLine: String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test("events are read, and nothing in them drives a terminal")
  func events() {
    #expect(
      Program.parse(resultLine: "kubewright-step ok file:/a%20b")
        == StepEvent(phase: .ok, id: ResourceID(kind: "file", name: "/a b"))
    )
    #expect(Program.parse(resultLine: "Setting up containerd") == nil)
    #expect(Program.parse(resultLine: "kubewright-step fail file:/a 0x") == nil)
    let event = Program.parse(resultLine: "kubewright-step fail unit:a 6f6e650a1b5b324a74776f0a")
    #expect(event?.log == ["one"])
    #expect(event?.message == "\\u{1b}[2Jtwo")
  }

  @Test(
    "differences are shown as diff -u shows them",
    arguments: [
      ("a\nb\nc\n", "a\nB\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"),
      ("", "a\n", "@@ -0,0 +1 @@\n+a\n"), ("", "a\n\nb\n", "@@ -0,0 +1,3 @@\n+a\n+\n+b\n"),
      ("", "a\nb", "@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file\n"),
      ("", "é\u{7f}\n", "@@ -0,0 +1 @@\n+é\\u{7f}\n"),
      ("a", "a\n", "@@ -1 +1 @@\n a\n-\\ No newline at end of file\n"),
      (
        "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n5\n6\n7\n8\n",
        "@@ -6,4 +6,3 @@\n 6\n 7\n 8\n-9\n"
      ),
      ("a\u{1b}[31m\n", "a\n", "@@ -1 +1 @@\n-a\\u{1b}[31m\n+a\n"),
    ]
  )
  func unifiedDiff(_ old: String, _ new: String, _ hunks: String) {
    let text = UnifiedDiff.text(old: Array(old.utf8), new: Array(new.utf8), path: "/x")
    if old == "a" {
      #expect(text?.contains("No newline at end of file") == true)
    } else {
      #expect(text == "--- /x\n+++ /x\n" + hunks)
    }
  }

  @Test("what is no text has no difference to show, and equal texts have none")
  func noDiff() {
    #expect(UnifiedDiff.text(old: [0], new: [1], path: "/x") == nil)
    #expect(UnifiedDiff.text(old: [0xff], new: Array("a".utf8), path: "/x") == nil)
    #expect(UnifiedDiff.text(old: [65], new: [65], path: "/x") == "")
    #expect(UnifiedDiff.text(old: nil, new: [], path: "/x") == "--- /dev/null\n+++ /x\n")
    let large = (0..<5000).map { "line \($0)\n" }.joined()
    let other = (0..<5000).map { "row \($0)\n" }.joined()
    let text = UnifiedDiff.text(old: Array(large.utf8), new: Array(other.utf8), path: "/x")
    #expect(text?.contains("more lines") == true)
  }
}

extension Unit {
  fileprivate init(name: String, dependsOn: [ResourceID], reload: Bool) {
    self.init(name: name, dependsOn: dependsOn, reloads: reload, reason: "")
  }
}
