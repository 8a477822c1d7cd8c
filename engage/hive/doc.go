// Package hive brings a question to those who are likely to know the answer,
// and spreads the load over all who may answer.
//
// It promises: nobody is asked who may not speak for the brand (the gate is
// asked in the transaction that asks them), who is away, or who has their
// day's share; of several who take a question one gets it and the others are
// told who; every question that enters ends answered or at the contact centre
// before it is due; every choice can be explained by the three numbers that
// made it and by what they rest on.
//
// It refuses to weigh anything about a member but what they know, whether
// they are there, and how much lies with them: no feelings, no speed, no rank.
package hive
