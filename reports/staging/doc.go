// Package staging writes files whole or not at all. They are made in a hidden directory beside the
// place where they belong, and put there when all of them are complete: after an error, on a full
// disk, or when the process is told to end, the place is as it was.
//
// What a process that was killed leaves behind is cleared away by the next one that works in the
// same place. A directory belongs to a living process as long as a lock on it is held, which the
// system gives back when the process dies.
package staging
