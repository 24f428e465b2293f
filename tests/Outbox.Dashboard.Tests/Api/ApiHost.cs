using Microsoft.AspNetCore.Builder;
using Outbox.Dashboard.Tests.Hosting;

namespace Outbox.Dashboard.Tests.Api;

/// <summary>A host that maps the API.</summary>
internal static class ApiHost
{
    public const string Prefix = "outbox/api/v1/";

    public static Task<DashboardHost> StartAsync(Action<OutboxOptions>? outbox = null, string? mongoDb = null, Action<OutboxDashboardOptions>? dashboard = null) => DashboardHost.StartAsync(new HostSettings
    {
        Map = app => app.MapOutboxOperations("/outbox/api/v1").RequireAuthorization("engineers"),
        Outbox = outbox ?? (_ => { }),
        MongoDb = mongoDb,
        Dashboard = o =>
        {
            TestAuthentication.Policies(o);
            dashboard?.Invoke(o);
        },
    });

    public static Caller As(this DashboardHost host, Person? person) => new(host.Client(person));
}
