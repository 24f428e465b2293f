using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace Outbox.Dashboard.Api.Reading;

/// <summary>Which page of a list.</summary>
internal sealed record PageQuery
{
    [FromQuery(Name = "cursor"), Description("Where the page begins: next of the one before; none for the first.")]
    public string? Cursor { get; init; }

    [FromQuery(Name = "size"), Description("The most on the page, from 1 to 1000; 100 where nothing is said.")]
    public string? Size { get; init; }

    public int Most => ApiText.Size(Size);
}
