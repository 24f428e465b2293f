using Outbox.Embedded.MongoDb.Clients;
using Outbox.Embedded.MongoDb.Faults;
using Outbox.Embedded.MongoDb.Replication;
using Outbox.Embedded.MongoDb.Storage;
using Outbox.Embedded.MongoDb.Timing;

namespace Outbox.Embedded.MongoDb.Commands;

/// All that the server's parts share.
internal sealed class ServerState
{
    public ServerState(Store store, TimeSpan transactionLifetime, bool isRouter = false)
    {
        Store = store;
        Node = new Node { IsRouter = isRouter };
        Sessions = new Sessions(store, transactionLifetime);
        Cursors = new Cursors(store.Clock.Time);
        Elections = new Elections(Node, store, Sessions);
    }

    public ServerClock Clock => Store.Clock;

    public Store Store { get; }

    public Sessions Sessions { get; }

    public Cursors Cursors { get; }

    public Node Node { get; }

    public Elections Elections { get; }

    public FailPoints FailPoints { get; } = new();

    public Interruptions Interruptions { get; } = new();
}
