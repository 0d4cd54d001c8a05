// The `apus` command. Everything it does is in ApusCommands, where tests reach it.

import ApusCommands

ApusTool.main()
