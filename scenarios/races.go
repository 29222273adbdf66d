package scenarios

import "github.com/lockproof/lockproof/model"

// Races says what a scenario does about data races: two threads that access one memory location
// with nothing that orders them, one to change it.
type Races string

// What a scenario does about data races.
const (
	CheckRaces  Races = "check"  // a race is a violation: data-race
	WarnOfRaces Races = "warn"   // a race stands beside the verdict
	IgnoreRaces Races = "ignore" // nobody looks
)

// AllRaces lists every word.
func AllRaces() []Races { return []Races{CheckRaces, WarnOfRaces, IgnoreRaces} }

// RacesFor is what the scenario does about data races: what somebody asks for who overrides it, or
// what it says itself, or its suite. Where nobody says anything, an expected race is checked for, a
// suite without a protocol warns, and one with a protocol, whose variables have a discipline of
// their own, ignores them.
func (sc *Scenario) RacesFor(asked Races) Races {
	for _, said := range []Races{asked, sc.Races} {
		if said != "" {
			return said
		}
	}
	switch {
	case sc.Expect.Kind == model.DataRace:
		return CheckRaces
	case sc.Suite.Races != "":
		return sc.Suite.Races
	case sc.Suite.Protocol == "":
		return WarnOfRaces
	}
	return IgnoreRaces
}
