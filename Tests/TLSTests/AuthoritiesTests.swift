// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing
import Values

@testable import TLS

/// Where authorities are looked for, and what is said where there are none.
@Suite struct AuthoritiesTests {
  static let pem = "# a comment\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"

  @Test func theFirstPlaceThatHasSomeIsTaken() throws {
    let scratch = try Scratch()
    let empty = try scratch.write("", to: "empty.crt")
    let bundle = try scratch.write(Self.pem, to: "bundle.crt")
    let found = try Authorities.find(
      environment: ["SSL_CERT_FILE": ""],
      places: ["\(scratch.path)/none", empty, scratch.path, bundle]
    )
    #expect(found.path == bundle && !found.isFolder)
    _ = try scratch.write(Self.pem, to: "0a1b2c3d.0")
    let folder = try Authorities.find(environment: [:], places: [empty, scratch.path, bundle])
    #expect(folder.path == scratch.path && folder.isFolder)
    let environment = ["SSL_CERT_DIR": scratch.path]
    #expect(try Authorities.find(environment: environment, places: [bundle]) == folder)
  }

  @Test func aVariableGoesBeforeEveryPlaceAndTheFirstVariableBeforeOthers() throws {
    let scratch = try Scratch()
    let one = try scratch.write(Self.pem, to: "one.crt")
    let other = try scratch.write(Self.pem, to: "other.crt")
    let environment = ["AWS_CA_BUNDLE": one, "SSL_CERT_FILE": other]
    let names = ["AWS_CA_BUNDLE", "SSL_CERT_FILE"]
    #expect(
      try Authorities.find(variables: names, environment: environment, places: [other]).path == one
    )
    #expect(try Authorities.find(environment: environment, places: [one]).path == other)
  }

  @Test func withoutAnyItIsSaidWhereWasLookedAndWhatToDo() throws {
    let scratch = try Scratch()
    let empty = try scratch.write("nothing", to: "empty.crt")
    let failure = #expect(throws: Failure.self) {
      try Authorities.find(
        variables: ["AWS_CA_BUNDLE", "SSL_CERT_FILE"],
        environment: [:],
        places: ["\(scratch.path)/none.crt", empty, scratch.path]
      )
    }
    #expect(failure?.kind == .preflight)
    #expect(failure?.what.contains("no file of certificate authorities") == true)
    #expect(
      failure?.why == """
        \(scratch.path)/none.crt does not exist
        \(empty) holds no certificate
        \(scratch.path) holds no certificates by their hashes
        """
    )
    #expect(
      failure?.remedy
        == "install the package ca-certificates, or name a file of certificates in PEM:"
        + " AWS_CA_BUNDLE=FILE or SSL_CERT_FILE=FILE"
    )
  }

  @Test func aVariableThatNamesNothingOfUseIsNotPassedOver() throws {
    let scratch = try Scratch()
    let bundle = try scratch.write(Self.pem, to: "bundle.crt")
    let failure = #expect(throws: Failure.self) {
      try Authorities.find(environment: ["SSL_CERT_FILE": "/nowhere/ca.crt"], places: [bundle])
    }
    #expect(failure?.kind == .invalidInput)
    #expect(failure?.what == "SSL_CERT_FILE names no file of certificate authorities")
    #expect(failure?.why == "/nowhere/ca.crt does not exist")
  }
}
