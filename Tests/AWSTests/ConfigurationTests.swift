// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Values

@testable import AWS

/// The shared files.
struct ConfigurationTests {
  @Test("sections, comments, quotes, nesting, continuation")
  func parses() throws {
    let text = """
      # a comment
      [default]
      region = us-west-2 ; trailing
      Output=json

      [profile "with space"]\r
      role_arn = arn:aws:iam::1:role/a#b\r
      s3 =
        max_concurrent_requests = 10
        addressing_style = path # why
      credential_process = /bin/x --a
        --b
      [default]
      region = us-east-1
      """
    let file = try INIFile(Array(text.utf8), file: "config")
    #expect(
      file.sections == [
        "default": ["region": "us-east-1", "output": "json"],
        "profile with space": [
          "role_arn": "arn:aws:iam::1:role/a#b", "s3": "", "s3.max_concurrent_requests": "10",
          "s3.addressing_style": "path", "credential_process": "/bin/x --a\n--b",
        ],
      ]
    )
  }

  @Test(
    "what is wrong is placed, and never quoted",
    arguments: [
      ("secret = hunter2", "f:1:1: error: a key before the first [section]"),
      ("[a]\nhunter2", "f:2:1: error: expected KEY = VALUE, [section] or a comment"),
      ("[a", "f:1:1: error: a section name without its closing ]"),
      ("[]", "f:1:1: error: an empty section name"),
      ("[a] hunter2", "f:1:1: error: text after a section name"),
      ("[a]\n= hunter2", "f:2:1: error: a value without a key"),
      ("[a]\n  hunter2 = 1", "f:2:1: error: an indented line without a key above it"),
      ("[a]\ns3 =\n  hunter2", "f:3:1: error: expected KEY = VALUE below a key without a value"),
    ]
  )
  func errors(_ text: String, _ message: String) throws {
    let failure = #expect(throws: Failure.self) { try INIFile(Array(text.utf8), file: "f") }
    #expect(failure?.what == message)
    #expect(failure?.kind == .invalidInput)
    #expect(failure?.description.contains("hunter2") == false)
  }

  @Test("bytes that are no text are refused, whatever they are")
  func hostile() {
    #expect(throws: Failure.self) { try INIFile([0xff, 0xfe, 0x00], file: "f") }
    var generator = SystemRandomNumberGenerator()
    let alphabet = Array("[]=#; \n\r\t\"'ab\u{e9}.".utf8)
    for _ in 0..<500 {
      let bytes = (0..<60).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))] }
      let file = try? INIFile(bytes, file: "f")
      #expect(file?.sections.keys.contains("") != true)
    }
  }

  @Test("the credentials file goes before the config file, and the named profile before default")
  func merged() throws {
    let surroundings = Surroundings.test(
      ["HOME": "/home/u", "AWS_PROFILE": "dev"],
      files: [
        "/home/u/.aws/config": """
        [default]
        region = us-east-1
        [profile dev]
        region = eu-west-1
        aws_access_key_id = from-config
        [sso-session s]
        sso_region = x
        [dev]
        region = not-this
        """,
        "/home/u/.aws/credentials": "[dev]\naws_access_key_id = from-credentials",
      ]
    )
    let configuration = try SharedConfiguration(surroundings: surroundings)
    #expect(configuration.profile == "dev" && configuration.isNamed)
    #expect(configuration.region == "eu-west-1")
    #expect(configuration.profiles["dev"]?["aws_access_key_id"] == "from-credentials")
    #expect(Set(configuration.profiles.keys) == ["default", "dev"])
  }

  @Test("a file that is a folder or too long is refused; one that is absent is not")
  func files() throws {
    let scratch = try Scratch()
    #expect(try BoundedFile.read("\(scratch.path)/none") == nil)
    #expect(throws: Failure.self) { try BoundedFile.read(scratch.path) }
    let long = try scratch.write([UInt8](repeating: 97, count: BoundedFile.limit + 1), to: "long")
    #expect(throws: Failure.self) { try BoundedFile.read(long) }
    let exact = try scratch.write([UInt8](repeating: 97, count: BoundedFile.limit), to: "exact")
    #expect(try BoundedFile.read(exact)?.count == BoundedFile.limit)
  }
}
