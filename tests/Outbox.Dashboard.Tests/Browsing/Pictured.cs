using Microsoft.Extensions.DependencyInjection;
using Outbox.Dashboard.Pages.Seeing;
using Outbox.Dashboard.Tests.Hosting;
using Outbox.Operations;
using Outbox.Operations.Pausing;
using Outbox.Operations.Seeing;

namespace Outbox.Dashboard.Tests.Browsing;

/// <summary>A service as one may meet it: busy, with one endpoint in trouble. What its processes would tell is made up; what is parked is really there.</summary>
internal static class Pictured
{
    private const string Billing = "order-service.billing";
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    public static HostSettings Settings() => Board.Settings(outbox: o => o.Source = "order-service", services: services => services.AddSingleton<IOutboxOverview, Seen>());

    public static async Task FillAsync(DashboardHost host)
    {
        var errors = new[] { "TimeoutException in BillingConsumer.Consume: the bank did not answer", "InvalidOperationException in InvoiceWriter.Write: the order has no customer" };
        foreach (var n in Enumerable.Range(0, 14))
        {
            await host.Shelf.ParkConsumedAsync(host.Shelf.Consumed($"order-{4711 + n}", error: errors[n % 4 == 0 ? 1 : 0], version: 2) with { Endpoint = Billing });
        }

        await host.Shelf.ParkAsync("order-4802", error: "MsgSizeTooLarge: the topic takes messages of 1,048,588 bytes at most");
        await host.Get<IPauses>().PauseAsync(new PauseRequest(PauseTarget.Topic("invoices"), "the new schema is rolled out") { By = Actor.Authenticated("dora") });
        var series = host.Get<OverviewSampler>().Series;
        for (var ago = 239; ago > 0; ago--)
        {
            series.Add(Overview(Now - (ago * SampleSeries.Interval), 239 - ago));
        }
    }

    public static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Outbox.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The repository is not around the tests.");
        }

        return folder.FullName;
    }

    private static Overview Overview(DateTimeOffset at, int n) => new(at)
    {
        State = OverviewState.Degraded,
        Findings =
        [
            new(OverviewState.Degraded, OverviewCodes.InboxParked, $"14 messages could not be processed by endpoint {Billing}; the first of them 26 minutes ago.") { Endpoint = Billing },
            new(OverviewState.Degraded, OverviewCodes.Parked, "1 message could not be published to topic orders, and the later ones of its entity wait for it.") { Topic = "orders" },
            new(OverviewState.Degraded, OverviewCodes.Paused, "Topic invoices is paused by dora for another 48 min: the new schema is rolled out."),
        ],
        Pending = 180 + (long)((90 * Math.Sin(n / 11d)) + (40 * Math.Sin(n / 2.3)) + (n > 190 ? (n - 190) * 5 : 0)),
        Delayed = 12,
        OldestAge = TimeSpan.FromSeconds(1.4 + Math.Abs(Math.Sin(n / 7d)) + (n > 200 ? (n - 200) / 12d : 0)),
        Parked = 1,
        OutboxParked = [new("orders", Inbox.ParkReason.Failed, 1, TimeSpan.FromMinutes(9))],
        InboxParked = [new(Billing, Inbox.ParkReason.Failed, n < 140 ? 0 : Math.Min(14, (n - 140) / 6), TimeSpan.FromMinutes(26)), new("order-service.shipments", Inbox.ParkReason.Gap, 2, TimeSpan.FromMinutes(1))],
        Lanes = 8,
        LanesWithoutOwner = [],
        Relays = [new("order-service-7f6d-x2k", at) { Published = new("relay", Now.AddDays(-2), (n * 15L * 420) + (long)(900 * Math.Sin(n / 6d)), at) }],
        ClosedPlaces = [],
        Endpoints =
        [
            new(Billing, 3) { Topics = ["orders"], Partitions = 12, Lag = n < 140 ? 20 : 40 + (n % 9), LastConsumedAt = at, Failed = 14, Consumed = [new("billing", Now.AddDays(-2), (n * 15L * 260) + (long)(500 * Math.Sin(n / 9d)), at)] },
            new("order-service.shipments", 3) { Topics = ["shipments"], Partitions = 12, Lag = 4, LastConsumedAt = at, Waiting = 2, Consumed = [new("shipments", Now.AddDays(-2), n * 15L * 110, at)] },
        ],
        Pauses = [new(PauseTarget.Topic("invoices"), at.AddMinutes(-12), at.AddMinutes(48), Actor.Authenticated("dora"), "the new schema is rolled out")],
    };

    private sealed class Seen : IOutboxOverview
    {
        public Task<Overview> ReadAsync(OverviewRequest? request, CancellationToken cancellationToken) => Task.FromResult(Overview(Now, 239));

        public Task<IReadOnlyList<LaneStatus>> ListLanesAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<LaneStatus>>([.. Enumerable.Range(0, 8).Select(lane => new LaneStatus(lane, $"order-service-7f6d-{"xab"[lane % 3]}2k", 4 + lane, Now.AddSeconds(8)) { Pending = 20 + (lane * 3) })]);

        public Task<IReadOnlyList<InstanceStatus>> ListInstancesAsync(CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<InstanceStatus>>([new("order-service-7f6d-x2k", true) { Lanes = [0, 3, 6], RelaySeenAt = Now, AliveUntil = Now.AddSeconds(20), Endpoints = [Billing] }]);

        public Task<IReadOnlyList<EndpointStatus>> ListEndpointsAsync(CancellationToken cancellationToken) => Task.FromResult(Overview(Now, 239).Endpoints!);

        public Task<Page<WaitingSequence>> ListWaitingAsync(string? endpoint, string? cursor, int size, CancellationToken cancellationToken) => Task.FromResult(new Page<WaitingSequence>([], null));
    }
}
