namespace Outbox.Cli.Answers;

/// <summary>What the process ends with. They do not change: scripts and pagers go by them.</summary>
internal enum ExitCode
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>Something went wrong that none of the others is about.</summary>
    Error = 1,

    /// <summary>The command line, a cursor or the connection string is none.</summary>
    Usage = 2,

    /// <summary>There is no such thing.</summary>
    NotFound = 3,

    /// <summary>It is there, and in no state for this.</summary>
    Refused = 4,

    /// <summary>Some of it was done, and some was not.</summary>
    PartlyDone = 5,

    /// <summary>MongoDB or Kafka does not answer.</summary>
    Unreachable = 6,

    /// <summary>MongoDB or Kafka does not let this user.</summary>
    NotPermitted = 7,

    /// <summary>With <c>--check</c>: somebody should look at it.</summary>
    Degraded = 10,

    /// <summary>With <c>--check</c>: messages do not get through.</summary>
    Unhealthy = 11,
}
