namespace Outbox;

/// <summary>How the messages of a topic look on Kafka. Incoming messages are recognised by their headers, whatever their topic is set to.</summary>
public enum MessageFormat
{
    /// <summary>A JSON envelope around the payload; headers repeat what a consumer needs before it parses.</summary>
    Envelope,

    /// <summary>CloudEvents 1.0 in binary mode: attributes are <c>ce_</c> headers, the value is the payload.</summary>
    CloudEvents,

    /// <summary>CloudEvents 1.0 in structured mode: the value is one JSON object with the attributes and the payload as <c>data</c>.</summary>
    CloudEventsStructured,

    /// <summary>What MassTransit's own Kafka rider writes and reads: the value is the payload, ids are headers.</summary>
    MassTransit,

    /// <summary>What CAP (DotNetCore.CAP.Kafka) writes and reads: the value is the payload, ids are <c>cap-</c> headers.</summary>
    Cap,

    /// <summary>A format of your own: the <c>IWireFormat</c> that the topic was given with <c>t.UseFormat(…)</c>, which sets this.</summary>
    Custom,
}
