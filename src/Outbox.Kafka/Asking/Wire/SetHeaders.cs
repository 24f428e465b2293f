using MassTransit;
using Outbox.Capture;

namespace Outbox.Kafka.Asking.Wire;

/// <summary>The headers that an application has set on a request or an answer.</summary>
internal static class SetHeaders
{
    /// <summary>As text. MassTransit's own say nothing on Kafka.</summary>
    public static Dictionary<string, string> Of(SendContext? context) => (context?.Headers.GetAll() ?? []).Where(header => !header.Key.StartsWith("MT-", StringComparison.Ordinal))
        .ToDictionary(header => header.Key, header => HeaderText.Of(header.Key, header.Value), StringComparer.Ordinal);
}
