package model

// Fairness is what a scheduler promises to each thread. Nothing else keeps one from being passed
// over for ever.
type Fairness string

// The promises.
const (
	WeakFairness   Fairness = "weak"   // who can go on all the time goes on: justice
	StrongFairness Fairness = "strong" // who can go on again and again goes on: compassion
)

// Fairnesses lists them, the weaker one first.
func Fairnesses() []Fairness { return []Fairness{WeakFairness, StrongFairness} }

// Liveness is what must happen in every fair run.
type Liveness string

// The properties.
const (
	Completion Liveness = "completion" // each thread finishes, or completes its round
	Progress   Liveness = "progress"   // some thread does, again and again: no livelock
)

// Livenesses lists them.
func Livenesses() []Liveness { return []Liveness{Completion, Progress} }
