using Outbox.Embedded;

namespace Outbox.Dashboard.Tests.Hosting;

/// <summary>The embedded servers, for the whole run.</summary>
internal static class TestServers
{
    private static readonly Lazy<Task<EmbeddedServers>> Shared = new(() => EmbeddedServers.StartAsync());

    public static Task<EmbeddedServers> GetAsync() => Shared.Value;
}
