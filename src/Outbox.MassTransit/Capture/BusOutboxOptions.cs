using System.ComponentModel.DataAnnotations;

namespace Outbox.Capture;

/// <summary>How MassTransit's own calls meet the outbox; configuration section <c>Outbox:BusOutbox</c>.</summary>
public sealed class BusOutboxOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = OutboxOptions.Section + ":BusOutbox";

    /// <summary>What becomes of messages of registered types that are published or sent where no transaction runs.</summary>
    /// <value>The default value is <see cref="OutsideTransaction.Throw"/>; <c>o.UseBusOutbox()</c> sets <see cref="OutsideTransaction.OwnTransaction"/>.</value>
    [EnumDataType(typeof(OutsideTransaction))]
    public OutsideTransaction OutsideTransaction { get; set; } = OutsideTransaction.Throw;
}
