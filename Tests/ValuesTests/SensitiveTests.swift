// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

struct SensitiveTests {
  private static let text = "correct horse battery staple, and then some"

  private struct Holder {
    let name = "holder"
    let secret = Sensitive(text)
    let several = [Sensitive(text)]
    let keyed = ["key": Sensitive(text)]
    let perhaps: Sensitive? = Sensitive(text)
  }

  /// Every way to show a value that Swift offers.
  private static func renderings<Value>(_ value: Value) -> [String] {
    var dumped = ""
    dump(value, to: &dumped)
    return [
      String(describing: value), String(reflecting: value), "\(value)", dumped,
      Mirror(reflecting: value).children.map { "\($0)" }.joined(),
      String(describing: Optional(value)), String(reflecting: [value]),
      "\(Mirror(reflecting: value))",
    ]
  }

  @Test func noRenderingShowsIt() {
    let shown = Self.renderings(Sensitive(Self.text)) + Self.renderings(Holder())
    // As text, as a list of byte values, and as hexadecimal digits.
    let bytes = Array(Self.text.utf8)
    let leaks = [
      "correct", bytes.prefix(4).map(String.init).joined(separator: ", "),
      bytes.prefix(4).map { String($0, radix: 16) }.joined(),
    ]
    for text in shown {
      for leak in leaks { #expect(!text.contains(leak), "\(leak) in: \(text)") }
    }
    #expect(shown.contains { $0.contains("<secret") })
  }

  @Test func isAllThereWhenAskedFor() {
    #expect(Sensitive(Self.text).revealText() == Self.text)
    #expect(Sensitive([1, 2, 255]).reveal() == [1, 2, 255])
  }

  @Test func longOnesCanBeToldApart() {
    let one = Sensitive(Self.text)
    let other = Sensitive(Self.text + "!")
    #expect(one.description == "<secret sha256:\(Digest(of: Self.text).short)>")
    #expect(one.description != other.description)
    #expect(one == Sensitive(Self.text) && one != other)
  }

  @Test func shortOnesCannotBeGuessed() {
    #expect(Sensitive("hunter2").description == Sensitive("hunter3").description)
  }
}
