package page

import (
	"fmt"

	"github.com/lockproof/lockproof/reports"
	"github.com/lockproof/lockproof/reports/terminal"
)

// A mutationView is a mutation as the template sees it.
type mutationView struct {
	*reports.Mutation
	ID, Summary string
	Groups      []mutantGroup
	Judges      []reports.MutantJudge // who noticed something
	Silent      int                   // scenarios that were the first to notice nothing
}

// A mutantGroup is the mutants of one status.
type mutantGroup struct {
	Status, Meaning string
	Open            bool
	Mutants         []mutantView
}

type mutantView struct {
	*reports.Mutant
	Known []string // what is known of it, a sentence each
}

func mutations(r *reports.Report) []mutationView {
	var all []mutationView
	for i := range r.Mutations {
		m := &r.Mutations[i]
		v := mutationView{Mutation: m, ID: fmt.Sprintf("mutation-%d", i+1), Summary: m.Summary()}
		for _, s := range reports.MutantStatuses() {
			g := mutantGroup{
				Status: string(s), Meaning: s.Meaning(), Open: s == reports.MutantSurvived || s == reports.MutantUnreached,
			}
			for k := range m.Mutants {
				if x := &m.Mutants[k]; x.Status == s {
					g.Mutants = append(g.Mutants, mutantView{x, terminal.MutantLines(x)})
				}
			}
			if len(g.Mutants) > 0 {
				v.Groups = append(v.Groups, g)
			}
		}
		for _, j := range m.Scenarios {
			if j.Found > 0 {
				v.Judges = append(v.Judges, j)
			} else {
				v.Silent++
			}
		}
		all = append(all, v)
	}
	return all
}
