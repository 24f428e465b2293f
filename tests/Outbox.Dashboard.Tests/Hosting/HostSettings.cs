using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Outbox.Dashboard.Tests.Hosting;

/// <summary>What is special about a test's host.</summary>
internal sealed class HostSettings
{
    public string Environment { get; init; } = "Production";

    /// <summary>Where the application lies on its server: <c>/shop</c>.</summary>
    public string PathBase { get; init; } = "";

    /// <summary>Maps what is tested. It runs after authentication and authorization.</summary>
    public Action<WebApplication> Map { get; init; } = _ => { };

    /// <summary>The dashboard's options. A policy for each capability is the default.</summary>
    public Action<OutboxDashboardOptions> Dashboard { get; init; } = TestAuthentication.Policies;

    /// <summary>The outbox's options.</summary>
    public Action<OutboxOptions> Outbox { get; init; } = _ => { };

    public Action<IServiceCollection> Services { get; init; } = _ => { };

    /// <summary>Where the database is, if it is not the embedded one.</summary>
    public string? MongoDb { get; init; }
}
