// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Commands

@main
enum Kubewright {
  static func main() async {
    NameService.beIndependent()
    await KubewrightCommand.main()
  }
}
