using System.CommandLine;
using MongoDB.Driver;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;
using Outbox.Cli.Connecting;
using Outbox.Cli.Importing.Cap;
using Outbox.Cli.Importing.MassTransit;

namespace Outbox.Cli.Importing;

/// <summary><c>import</c>: moves what is pending in another product's outbox into this one.</summary>
internal static class ImportVerb
{
    private static readonly ImportOptions MassTransit = new(MessageFormat.MassTransit);
    private static readonly Option<string> Messages = Named("--messages", "outbox.messages", "MassTransit's collection of messages.");
    private static readonly Option<string> States = Named("--states", "outbox.states", "MassTransit's collection of outbox states.");
    private static readonly Option<string> InboxStates = Named("--inbox-states", "inbox.states", "MassTransit's collection of inbox states.");

    private static readonly ImportOptions Cap = new(MessageFormat.Cap);
    private static readonly Option<string> Published = Named("--published", "cap.published", "CAP's PublishedCollection.");
    private static readonly Option<string[]> Locks = new("--locks") { Description = "CAP's LockCollection, where it is set to UseStorageLock. The default is cap.lock or cap.locks.", HelpName = "name", DefaultValueFactory = _ => ["cap.lock", "cap.locks"] };
    private static readonly Option<string?> Version = new("--cap-version") { Description = "Only messages of this Version of CAP's options. The default is all.", HelpName = "version" };
    private static readonly Option<string> Lookback = Named("--lookback", "4m", "CAP's FallbackWindowLookbackSeconds: a younger message is in the memory of a process. 0s, when none of them runs any more.", "time");
    private static readonly Option<string> Settle = Named("--settle", "1m", "How long a process of CAP may take to say that it has sent what it had before. 0s, when none runs any more.", "time");
    private static readonly Option<int> Retries = new("--retries") { Description = "CAP's FailedRetryCount: what failed as often it has given up.", HelpName = "number", DefaultValueFactory = _ => 50 };
    private static readonly Option<bool> GivenUp = new("--given-up") { Description = "Also what CAP has given up." };

    public static Command Create(Caller caller)
    {
        var massTransit = new Command("masstransit", "Move what is pending in MassTransit's MongoDB outbox.") { Messages, States, InboxStates };
        MassTransit.AddTo(massTransit);
        var cap = new Command("cap", "Move what is pending in CAP's MongoDB storage, cap.published.") { Published, Locks, Version, Lookback, Settle, Retries, GivenUp };
        Cap.AddTo(cap);
        return new Command("import", "Move what is pending in another product's outbox into this one, also while its relay runs: docs/migrating.md says what the two can promise together.")
        {
            caller.Runs(massTransit, call => ImportRun.RunAsync(call, MassTransit, place => OfMassTransit(call, place))),
            caller.Runs(cap, call => ImportRun.RunAsync(call, Cap, place => OfCap(call, place))),
        };
    }

    private static MassTransitSource OfMassTransit(Call call, OutboxPlace place) =>
        new(DatabaseOf(call, MassTransit, place), call.Get(Messages)!, call.Get(States)!, call.Get(InboxStates)!);

    private static CapSource OfCap(Call call, OutboxPlace place)
    {
        var database = DatabaseOf(call, Cap, place);
        var times = new CapTimes(Times.Length(call.Get(Lookback)!, "--lookback"), Times.Length(call.Get(Settle)!, "--settle"), call.Get(Retries), call.Get(GivenUp));
        return new CapSource(database, call.Get(Published)!, new CapLock(database, call.Get(Locks) ?? []), times, call.Get(Version));
    }

    private static IMongoDatabase DatabaseOf(Call call, ImportOptions options, OutboxPlace place) =>
        (call.Get(options.Database) is { } name ? place.Database.Client.GetDatabase(name) : place.Database).WithReadPreference(ReadPreference.Primary).WithWriteConcern(WriteConcern.WMajority);

    private static Option<string> Named(string name, string value, string description, string help = "name") =>
        new(name) { Description = $"{description} The default is {value}.", HelpName = help, DefaultValueFactory = _ => value };
}
