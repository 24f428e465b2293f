namespace Outbox.Messages.Registration;

/// <summary>What happens to an entity's later messages when one of its messages is parked because it cannot be published.</summary>
public enum ParkedPolicy
{
    /// <summary>They wait until a person has retried or discarded the parked one, so that consumers see no gap. Other entities go on.</summary>
    HoldEntity,

    /// <summary>They are published; consumers see a gap in the versions.</summary>
    Continue,
}
