Feature: Bad input
  Whoever hands in something impossible is told at once what is wrong with it.

  Rule: Bad input is refused with an error that names the problem, before anything is written

    Scenario Outline: Enqueue refuses what it cannot take
      When somebody enqueues <bad input>
      Then it is refused, because "<problem>"
      And there is no job

      Examples: What is not a job
        | bad input                              | problem                 |
        | a text                                 | instance of a dataclass |
        | bytes                                  | instance of a dataclass |
        | a number                               | instance of a dataclass |
        | nothing                                | instance of a dataclass |
        | a function                             | instance of a dataclass |
        | a class                                | instance of a dataclass |
        | an empty list                          | at least one job        |
        | a list of which one entry is not a job | instance of a dataclass |

      Examples: Payloads
        | bad input                                    | problem         |
        | a payload that cannot be represented         | cannot be stored |
        | a payload with a NUL character               | NUL             |
        | a payload over the size limit                | the limit is    |
        | a list of which one payload cannot be stored | cannot be stored |

      Examples: Options
        | bad input                       | problem        |
        | a job with a priority too high  | -32768         |
        | a job with a priority too low   | -32768         |
        | a job for a time without a zone | timezone-aware |
        | a job for a text as its time    | timezone-aware |

    Scenario: A queue name is too long
      When somebody opens a queue with a name of 101 characters
      Then it is refused, because "101 characters"

    Scenario: A refusal does not spoil the unit of work around it
      Given a unit of work that wrote the note "order A-1001" and enqueued the job "receipt A-1001"
      And the unit of work was refused a bad job
      When the unit of work commits
      Then the job "receipt A-1001" is ready
      And there is 1 job
      And the only note is "order A-1001"

  Rule: One unreadable stored payload kills that job, not the worker

    Scenario: A job was stored by another version of its class
      Given the unreadable job "garbled" is enqueued
      And the job "receipt A-1001" is enqueued
      When a worker starts that runs one job at a time
      Then the job "garbled" is dead
      And the job "garbled" has 1 attempt
      And the job "receipt A-1001" is completed
