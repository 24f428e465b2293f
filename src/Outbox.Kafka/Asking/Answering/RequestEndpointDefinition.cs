using MassTransit;

namespace Outbox.Kafka.Asking.Answering;

/// <summary>One call of <c>RequestEndpoint</c>.</summary>
internal sealed record RequestEndpointDefinition(string Topic, string Group, Action<IReceiveEndpointConfigurator> Configure)
{
    public string Name => $"kafka-requests/{Group}/{Topic}";

    public override string ToString() => $"RequestEndpoint(\"{Topic}\", \"{Group}\", …)";
}
