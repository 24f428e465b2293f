using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Outbox.Tests.Delivery;

internal static class Meters
{
    /// <summary>For what must count, where nobody listens.</summary>
    public static IMeterFactory Unheard { get; } = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
}
