namespace Outbox.Kafka.Delivery.Producing;

/// <summary>What an error of a record is about.</summary>
internal enum ErrorKind
{
    /// <summary>One record; a broker that refuses it refuses every record of the same request and partition.</summary>
    Record,

    /// <summary>The topic or the cluster: rights, existence, credentials. Every record that goes there meets it.</summary>
    Place,

    /// <summary>Another record of the same request was refused, or the producer ended for it.</summary>
    Bystander,

    /// <summary>Nobody answered; it says nothing about the record.</summary>
    NoAnswer,

    /// <summary>An answer that may be another one next time.</summary>
    Passing,
}
