using System.CommandLine;
using System.Globalization;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Cli.Answers;
using Outbox.Cli.Calls;

namespace Outbox.Cli.Importing.Cap;

/// <summary>How CAP is set, as far as an import has to know.</summary>
internal sealed class CapOptions(string option, string collection, string description)
{
    private const int MostCounted = 10_000;

    private readonly Option<string> _messages = Named(option, collection, description, "name");
    private readonly Option<string[]> _locks = new("--locks") { Description = "CAP's LockCollection, where it is set to UseStorageLock. The default is cap.lock or cap.locks.", HelpName = "name", DefaultValueFactory = _ => ["cap.lock", "cap.locks"] };
    private readonly Option<string?> _version = new("--cap-version") { Description = "Only messages of this Version of CAP's options. The default is all.", HelpName = "version" };
    private readonly Option<string> _lookback = Named("--lookback", "4m", "CAP's FallbackWindowLookbackSeconds: a younger message is in the memory of a process. 0s, when none of them runs any more.", "time");
    private readonly Option<string> _settle = Named("--settle", "1m", "How long a process of CAP may take to say that it has done what it had before. 0s, when none runs any more.", "time");
    private readonly Option<int> _retries = new("--retries") { Description = "CAP's FailedRetryCount: what failed as often it has given up.", HelpName = "number", DefaultValueFactory = _ => 50 };
    private readonly Option<bool> _givenUp = new("--given-up") { Description = "Also what CAP has given up." };

    public void AddTo(Command command)
    {
        foreach (var one in (Option[])[_messages, _locks, _version, _lookback, _settle, _retries, _givenUp])
        {
            command.Options.Add(one);
        }
    }

    /// <param name="call">The call.</param>
    /// <param name="database">The database of CAP's storage.</param>
    /// <param name="retries">The lock of its retries.</param>
    public CapSource SourceOf(Call call, IMongoDatabase database, string retries)
    {
        var times = new CapTimes(Times.Length(call.Get(_lookback)!, "--lookback"), Times.Length(call.Get(_settle)!, "--settle"), call.Get(_retries), call.Get(_givenUp));
        return new CapSource(database, call.Get(_messages)!, new CapLock(database, call.Get(_locks) ?? [], retries), times, call.Get(_version));
    }

    /// <summary>Says that something is pending in the collection, by its default name, and which command moves it.</summary>
    public async Task<string?> HintAsync(Call call, IMongoDatabase database, string command)
    {
        var pending = new BsonDocument("StatusName", new BsonDocument("$in", new BsonArray { "Scheduled", "Failed" }));
        var found = await database.GetCollection<BsonDocument>(collection).CountDocumentsAsync(pending, new CountOptions { Limit = MostCounted }, call.Cancellation).ConfigureAwait(false);
        var many = found == 1 ? "one message" : string.Create(CultureInfo.InvariantCulture, $"{found:N0}{(found < MostCounted ? "" : " or more")} messages");
        return found == 0 ? null : $"{collection} has {many} that CAP has not processed: {command} moves what is there.";
    }

    private static Option<string> Named(string name, string value, string description, string help) =>
        new(name) { Description = $"{description} The default is {value}.", HelpName = help, DefaultValueFactory = _ => value };
}
