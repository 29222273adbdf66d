// Package jobs follows the jobs of domains through a log of libvirtd, and says who had them, who
// waited, which rules were broken, and why somebody waited in vain.
//
// A [Replay] is given [Event]s in the order of the file. For each domain it knows the normal job,
// the async job, the agent job and who is in the monitor, and holds each line against that: one job
// a domain, the monitor entered only by the owner of a job and only while there is one, every begin
// ended by the thread that began it, nested jobs only by the owner of the async job, and what a
// line prints of the jobs is what they are. What was there before the log began is not known, and
// breaks no rule.
//
// A log need not have those lines: one warning is enough for a diagnosis. Then the holders are
// those that it prints. What a replay keeps grows with the number of domains and threads, and with
// the number of those who waited in vain, up to bounds; not with the length of the log.
package jobs
