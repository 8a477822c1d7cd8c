// Package engage is the room where customers are answered: the inbox, the
// desk at which members work, and the way of our words to the network.
//
// It promises: what is heard enters a conversation once, in whatever order
// and however often it is told; a reply goes only to the conversation's own
// counterpart; a reply reaches the network at most once, and where nobody can
// tell whether it did, the network is read and finally a person is asked,
// but nothing is ever sent again by itself; the gate is asked in the
// transaction that queues a reply and again in the one that sends it.
//
// It refuses to show or touch a conversation outside the scope of whoever
// asks: such a conversation does not exist for them.
package engage
