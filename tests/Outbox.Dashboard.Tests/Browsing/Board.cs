using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Dashboard.Tests.Hosting;

namespace Outbox.Dashboard.Tests.Browsing;

/// <summary>Services with a dashboard.</summary>
internal static class Board
{
    /// <summary>No test is about a database that is slow; those that are set a limit of their own.</summary>
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(50);

    public static HostSettings Settings(string pathBase = "", string pattern = "/outbox", TimeSpan? timeout = null, Action<OutboxOptions>? outbox = null, Action<IServiceCollection>? services = null, string? mongoDb = null) => new()
    {
        PathBase = pathBase,
        Map = app => app.MapOutboxDashboard(pattern).RequireAuthorization("engineers"),
        Dashboard = o =>
        {
            TestAuthentication.Policies(o);
            o.QueryTimeout = timeout ?? Patient;
        },
        Outbox = outbox ?? (_ => { }),
        Services = services ?? (_ => { }),
        MongoDb = mongoDb,
    };

    public static Task<DashboardHost> StartAsync(string pathBase = "", string pattern = "/outbox", Action<OutboxOptions>? outbox = null) => DashboardHost.StartAsync(Settings(pathBase, pattern, outbox: outbox));

    public static Uri Site(this DashboardHost host, string pattern = "/outbox") => new(host.Server, host.PathBase + pattern.TrimEnd('/') + "/");

    /// <summary>All pages that show something of themselves.</summary>
    public static readonly string[] Pages =
    [
        "", "failures?side=inbox", "failures?side=outbox", "parked?side=outbox", "parked?side=inbox", "parked?side=outbox&discarded=1", "parked?side=inbox&discarded=1", "sequences", "endpoints", "relays", "pauses", "operations", "audit",
    ];
}
