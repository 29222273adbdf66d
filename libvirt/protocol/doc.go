// Package protocol says what the functions of a stack mean: for what a thread waits, which locks
// and jobs it holds by the protocol of its libvirt's time, and which call of the API it serves.
//
// A stack names functions, not locks. What a function holds when it calls another is known from the
// sources of the releases from 0.7.3 to 11.3, in these rules:
//
//   - Up to 1.0.2 one driver lock is taken before everything else. Most API functions keep it to
//     their end (held_driver.txt has them by release), and only the helpers WithDriver drop it
//     while they wait. From 1.0.3 on it guards the configuration for moments.
//   - Who looks a domain up gets it locked. It stays locked until the call ends, but for three
//     brackets: waiting for a job, the monitor or agent between Enter and Exit, and the remote
//     side of a migration. In a bracket neither domain nor driver are held; the monitor or the
//     agent is, but while its thread sleeps until the reply comes.
//   - A list that is searched is locked while it is searched, and in some releases still while
//     the domain that was found is being locked.
//   - Callbacks of the monitor run in the event loop with nothing held, and lock the domain first.
//   - driver comes before list, list before domain, domain before monitor and agent.
//
// Where releases differ and the stack does not tell which it is, what follows is not sure, and says
// so. Nothing in here looks at C: the rules are facts about names. Of the helpers that begin a job
// and enter and leave monitor and agent, a test holds them against the C of every shipped era.
package protocol
