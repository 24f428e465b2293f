using System.CommandLine;
using MongoDB.Driver;
using Outbox.Cli.Calls;
using Outbox.Cli.Connecting;
using Outbox.Cli.Importing.Cap;
using Outbox.Cli.Importing.MassTransit;
using Outbox.Cli.Importing.Options;

namespace Outbox.Cli.Importing;

/// <summary><c>import</c>: moves what is pending in another product's storage into this one.</summary>
internal static class ImportVerb
{
    private static readonly ToOutboxOptions MassTransit = new(MessageFormat.MassTransit);
    private static readonly Option<string> Messages = Named("--messages", "outbox.messages", "MassTransit's collection of messages.");
    private static readonly Option<string> States = Named("--states", "outbox.states", "MassTransit's collection of outbox states.");
    private static readonly Option<string> InboxStates = Named("--inbox-states", "inbox.states", "MassTransit's collection of inbox states.");

    private static readonly ToOutboxOptions Cap = new(MessageFormat.Cap);
    private static readonly CapOptions Published = new("--published", "cap.published", "CAP's PublishedCollection.");

    private static readonly ToInboxOptions CapReceived = new();
    private static readonly CapOptions Received = new("--received", "cap.received", "CAP's ReceivedCollection.");

    public static Command Create(Caller caller)
    {
        var massTransit = new Command("masstransit", "Move what is pending in MassTransit's MongoDB outbox.") { Messages, States, InboxStates };
        var cap = new Command("cap", "Move what is pending in CAP's MongoDB storage, cap.published, into the outbox.");
        var received = new Command("cap-received", "Move what CAP has received and not processed, cap.received, to the endpoints of the service.");
        Published.AddTo(cap);
        Received.AddTo(received);
        MassTransit.AddTo(massTransit);
        Cap.AddTo(cap);
        CapReceived.AddTo(received);
        return new Command("import", "Move what is pending in another product's storage into this one, also while it runs: docs/migrating.md says what the two can promise together.")
        {
            caller.Runs(massTransit, call => ImportRun.RunAsync(call, MassTransit, place => OfMassTransit(call, place))),
            caller.Runs(cap, call => ImportRun.RunAsync(call, Cap, place => Published.SourceOf(call, DatabaseOf(call, Cap, place), CapLock.OfPublished), place => Received.HintAsync(call, DatabaseOf(call, Cap, place), "outbox import cap-received"))),
            caller.Runs(received, call => ImportRun.RunAsync(call, CapReceived, place => Received.SourceOf(call, DatabaseOf(call, CapReceived, place), CapLock.OfReceived))),
        };
    }

    private static MassTransitSource OfMassTransit(Call call, OutboxPlace place) =>
        new(DatabaseOf(call, MassTransit, place), call.Get(Messages)!, call.Get(States)!, call.Get(InboxStates)!);

    private static IMongoDatabase DatabaseOf(Call call, ImportOptions options, OutboxPlace place) =>
        (call.Get(options.Database) is { } name ? place.Database.Client.GetDatabase(name) : place.Database).WithReadPreference(ReadPreference.Primary).WithWriteConcern(WriteConcern.WMajority);

    private static Option<string> Named(string name, string value, string description) =>
        new(name) { Description = $"{description} The default is {value}.", HelpName = "name", DefaultValueFactory = _ => value };
}
