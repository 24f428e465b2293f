using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.RelayHost;

namespace Outbox.Cluster.Tests.Traffic;

/// <summary>
/// What every scenario must end with: each entity complete, in version order, each effect once; nothing in the outbox, nothing parked on either side. And how long each endpoint had nothing.
/// </summary>
internal sealed class Verdict
{
    public static readonly string[] Endpoints = [Ledger.Single, Ledger.Batch];

    private Verdict(IReadOnlyDictionary<string, TimeSpan> silences) => Silences = silences;

    /// <summary>The longest time without a message, by fencing and endpoint.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Silences { get; }

    public static async Task<Verdict> OfAsync(IReadOnlyList<Flow> flows, TimeSpan limit, ITestOutputHelper output, bool inOrder)
    {
        var silences = new Dictionary<string, TimeSpan>();
        foreach (var flow in flows)
        {
            await CompleteAsync(flow, limit, inOrder);
            foreach (var endpoint in Endpoints)
            {
                var silence = flow.Pulse.LongestSilence(endpoint);
                silences[$"{flow.Settings.Fencing}/{endpoint}"] = silence;
                output.WriteLine($"{flow.Settings.Fencing}/{endpoint}: {flow.Written} messages, longest silence {silence.TotalSeconds:0.0} s");
            }
        }

        return new Verdict(silences);
    }

    private static async Task CompleteAsync(Flow flow, TimeSpan limit, bool inOrder)
    {
        var missing = "";
        await Eventually.TrueAsync(
            async () => (missing = await MissingAsync(flow)).Length == 0, limit, () => $"{flow.Settings.Fencing}: everything is processed; {missing}");
        foreach (var endpoint in Endpoints)
        {
            foreach (var (entity, newest, processed) in await flow.ReadLedgerAsync(endpoint))
            {
                Assert.True(
                    (inOrder ? processed : processed.Order().ToList()).SequenceEqual(Enumerable.Range(1, (int)newest).Select(version => (long)version)),
                    $"{flow.Settings.Fencing}/{endpoint}: {entity} has {newest} versions, and processed were {string.Join(' ', processed)}");
            }
        }
    }

    private static async Task<string> MissingAsync(Flow flow)
    {
        var pending = await CountAsync(flow, "outbox");
        foreach (var parked in new[] { "outbox.parked", "inbox.parked" })
        {
            if (await flow.Database.GetCollection<BsonDocument>(parked).Find(FilterDefinition<BsonDocument>.Empty).FirstOrDefaultAsync() is { } found)
            {
                Assert.Fail($"{flow.Settings.Fencing}: {await CountAsync(flow, parked)} messages are in {parked}, for example because of {found.GetValue("error", "?")}");
            }
        }

        foreach (var endpoint in Endpoints)
        {
            var behind = (await flow.ReadLedgerAsync(endpoint)).Sum(entity => entity.Newest - entity.Processed.Distinct().Count());
            if (behind > 0)
            {
                return $"{pending} messages are in the outbox, and {endpoint} lacks {behind}. {await flow.HealthAsync()}";
            }
        }

        return pending == 0 ? "" : $"{pending} messages are in the outbox. {await flow.HealthAsync()}";
    }

    private static Task<long> CountAsync(Flow flow, string collection) =>
        flow.Database.GetCollection<BsonDocument>(collection).CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty);
}
