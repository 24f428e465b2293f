using Outbox.Cluster.Tests.Brokers;
using Outbox.Embedded.MongoDb;
using Outbox.Kafka;

namespace Outbox.Cluster.Tests.Traffic;

/// <summary>Both ways of fencing with both kinds of endpoint, under way at the same time: about 500 messages in a second in all.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private const int MessagesAtOnce = 10;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(40);
    private readonly CancellationTokenSource _stop = new();
    private readonly MongoServer? _embedded;
    private readonly ITestOutputHelper _output;
    private Task _writing = Task.CompletedTask;

    private Fleet(IReadOnlyList<Flow> flows, MongoServer? embedded, ITestOutputHelper output) => (Flows, _embedded, _output) = (flows, embedded, output);

    public IReadOnlyList<Flow> Flows { get; }

    public static async Task<Fleet> StartAsync(ThreeBrokers brokers, ITestOutputHelper output, bool secured = false, Action<KafkaOptions>? kafka = null)
    {
        await brokers.UseAsync();
        var given = Environment.GetEnvironmentVariable("OUTBOX_TEST_MONGODB");
        var embedded = string.IsNullOrEmpty(given) ? await MongoServer.StartAsync() : null;
        var flows = new List<Flow>();
        foreach (var fencing in Enum.GetValues<Fencing>())
        {
            var topic = await ClusterState.CreateTopicAsync(brokers.Servers, $"accounts-{Guid.NewGuid():N}", 3);
            flows.Add(await Flow.StartAsync(new FlowSettings(embedded?.ConnectionString ?? given!, secured ? brokers.SecuredServers : brokers.Servers, topic, fencing) { Kafka = kafka }));
        }

        var fleet = new Fleet(flows, embedded, output);
        fleet._writing = fleet.WriteAsync();
        await fleet.FlowsAsync();
        return fleet;
    }

    /// <summary>Lets messages flow, and then measures from here on.</summary>
    public async Task RunForAsync(TimeSpan time)
    {
        await Task.Delay(time);
        Assert.False(_writing.IsFaulted, $"{_writing.Exception}");
    }

    /// <summary>Stops writing, and waits until all that was written has been processed.</summary>
    public async Task<Verdict> SettleAsync(TimeSpan limit, bool inOrder = true)
    {
        await StopWritingAsync();
        return await Verdict.OfAsync(Flows, limit, _output, inOrder);
    }

    public async Task StopWritingAsync()
    {
        await _stop.CancelAsync();
        await _writing;
    }

    /// <summary>Writes a few more messages after writing was stopped.</summary>
    public async Task WriteAsync(int turns)
    {
        for (var turn = 0; turn < turns; turn++)
        {
            await WriteOnceAsync(turn);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopWritingAsync();
        foreach (var flow in Flows)
        {
            await flow.DisposeAsync();
        }

        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }
    }

    private Task FlowsAsync() => Eventually.TrueAsync(
        async () =>
        {
            foreach (var flow in Flows)
            {
                foreach (var endpoint in Verdict.Endpoints)
                {
                    if (!(await flow.ReadLedgerAsync(endpoint)).Any(entity => entity.Processed.Count > 0))
                    {
                        return false;
                    }
                }
            }

            return true;
        },
        TimeSpan.FromMinutes(3),
        () => "Messages flow on all endpoints");

    private async Task WriteAsync()
    {
        using var pace = new PeriodicTimer(Pace);
        for (var turn = 0; !_stop.IsCancellationRequested; turn++)
        {
            await WriteOnceAsync(turn);
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private Task WriteOnceAsync(int turn) => Task.WhenAll(Flows.Select(async flow =>
    {
        await flow.WriteAsync(turn, MessagesAtOnce, CancellationToken.None);
        flow.Wrote(turn, MessagesAtOnce);
    }));
}
