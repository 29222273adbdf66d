package reports_test

import (
	"context"
	"fmt"
	"os"

	"github.com/lockproof/lockproof/checker/search"
	"github.com/lockproof/lockproof/reports/answers"
	"github.com/lockproof/lockproof/reports/terminal"
	"github.com/lockproof/lockproof/scenarios"
)

func ExampleWriteCheck() {
	suites, err := scenarios.Load(context.Background(), "testdata/suite.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	scenario := suites[0].Scenarios[1]
	program, err := scenario.Program(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	found, err := search.Search(context.Background(), program, search.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	result := answers.New(scenario, program, found)
	result.ElapsedMS = 0 // so that the output can be compared
	if err := terminal.WriteCheck(os.Stdout, &result, terminal.Style{Width: 80}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// two-locks:opposite-orders
	// deadlock (lock-order), as expected
	//
	// T1 forwards() waits for right, held by T2; T2 backwards() waits for left, held
	// by T1
	// why: each holds the lock that the other wants
	// 19 states, 22 transitions, depth 8, 0 ms
	// 8 of 8 statements and 0 of 0 branches reached
	//
	// held: L=left R=right
	//
	//     T1 forwards()                  T2 backwards()
	//   1 L| lock left                    |                              suite.yaml:12
	//   2 L|                             R| lock right                   suite.yaml:20
	// end L| waits for right             R| waits for left
	//
	// T1 waits in forwards suite.yaml:13
	// T2 waits in backwards suite.yaml:21
	//
	// replay: lockproof check testdata/suite.yaml:opposite-orders --replay '1,2'
}
