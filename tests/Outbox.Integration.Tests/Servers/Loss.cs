namespace Outbox.Integration.Tests.Servers;

/// <summary>What becomes of what is sent over connections that are frozen.</summary>
public enum Loss
{
    /// <summary>No request arrives.</summary>
    Everything,

    /// <summary>Requests take effect, and their answers do not arrive.</summary>
    Answers,

    /// <summary>Requests arrive when the client has long given them up.</summary>
    Late,
}
