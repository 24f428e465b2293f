namespace Outbox.Kafka.Delivery;

/// <summary>The lane went to another relay before this one's producer was ready.</summary>
internal sealed class LaneLostException(int lane) : Exception($"lane {lane} belongs to another relay now");
